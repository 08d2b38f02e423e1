import { describe, expect, it } from 'vitest';
import { withoutLogin } from './without-login.ts';

describe('an address without its login', () => {
  it.each([
    ['postgres://user:pass-word@host/db', 'postgres://…@host/db'],
    ['postgresql+asyncpg://user:pass/word@host:5432/db', 'postgresql+asyncpg://…@host:5432/db'],
    ['http://pass-word@host/v1', 'http://…@host/v1'],
    ['http:user:pass-word@host', 'http:…@host'],
    ['http://user:pass@word@host', 'http://…@host'],
    ['postgres://host/db?user=me&password=pass-word', 'postgres://host/db?user=me&password=…'],
    ['host=db password=pass-word user=me', 'host=db password=… user=me'],
    ['http://127.0.0.1:11434/v1', 'http://127.0.0.1:11434/v1'],
    ['/data/me@work/panelist.db', '/data/me@work/panelist.db'],
    ['C:\\data\\panelist.db', 'C:\\data\\panelist.db'],
    ['', ''],
  ])('%s', (address, expected) => {
    expect(withoutLogin(address)).toBe(expected);
  });
});
