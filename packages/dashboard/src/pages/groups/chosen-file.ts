import { upload } from '../../api/upload.ts';

/** A file as the API takes it: small ones in the request, others uploaded first. */
export type FileInput = { readonly name: string; readonly text: string } | { readonly uploadId: string };

/** A file that somebody chose. */
export interface ChosenFile {
  readonly name: string;
  readonly bytes: number;
  readonly input: FileInput;
}

/** Characters that go with every check of the guide; larger files are sent once. */
const MAX_IN_REQUEST = 200_000;
/** As the server has it. */
export const MAX_GUIDE_BYTES = 2_000_000;

/** @throws ApiError where it cannot be uploaded */
export async function chosenFile(file: File): Promise<ChosenFile> {
  const { name, size: bytes } = file;
  if (bytes <= MAX_IN_REQUEST) return { name, bytes, input: { name, text: await file.text() } };
  const { uploadId } = await upload(file);
  return { name, bytes, input: { uploadId } };
}

/** A file that is there as text. */
export function textFile(name: string, text: string): ChosenFile {
  return { name, bytes: new Blob([text]).size, input: { name, text } };
}

/** A group's name out of a title: `A café in the library` is `a-café-in-the-library`. */
export function nameOf(title: string): string {
  return title
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
}

/** As the server has it. */
export const groupName: RegExp = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u;
