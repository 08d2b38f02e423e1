import { panelistFetch } from './panelist-fetch.ts';

export interface Upload {
  readonly uploadId: string;
  readonly name: string;
  readonly bytes: number;
}

/** Sends a file ahead, to name it in a request. It is there for a day. @throws ApiError `TOO_LARGE` */
export async function upload(file: File): Promise<Upload> {
  const response = await panelistFetch(
    `/api/uploads?${new URLSearchParams({ name: file.name.slice(-200) })}`,
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: file,
    },
  );
  return (await response.json()) as Upload;
}
