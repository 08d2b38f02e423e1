import { quote } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import { withoutLogin } from '../../text/without-login.ts';

/**
 * Checks the address of a model's server. It is stored with the task, shown and exported, so it must not contain a key or
 * password.
 *
 * @param source where it comes from, for the error: an option or a variable
 * @param keyVariable where a key belongs instead
 * @throws PanelistError `USAGE`, without the login that the address may have
 */
export function checkBaseUrl(baseUrl: string, source: string, keyVariable: string): void {
  const url = URL.parse(baseUrl);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new PanelistError(
      'USAGE',
      `${source} must be an http or https address such as http://127.0.0.1:11434/v1, got ${quote(withoutLogin(baseUrl))}.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new PanelistError(
      'USAGE',
      `${source} must not hold a user name or password: put the key in ${keyVariable} instead.`,
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new PanelistError(
      'USAGE',
      `${source} must end with its path, without ? or #: paths are put behind it, and it is stored with the task.`,
    );
  }
}
