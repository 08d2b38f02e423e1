/** A choice of this browser: kept in localStorage, shared by all components and tabs. */
export interface StoredPreference<T extends string> {
  get(): T;
  set(value: T): void;
  /** @returns ends the subscription */
  subscribe(onChange: () => void): () => void;
}

export function storedPreference<T extends string>(
  key: string,
  values: readonly T[],
  fallback: () => T,
): StoredPreference<T> {
  const listeners = new Set<() => void>();
  const isValue = (value: string | null): value is T => values.includes(value as T);
  let current = read() ?? fallback();

  function read(): T | undefined {
    try {
      const stored = localStorage.getItem(key);
      return isValue(stored) ? stored : undefined;
    } catch {
      // A browser may forbid storage: the choice then lasts as long as the page.
      return undefined;
    }
  }

  function change(value: T): void {
    current = value;
    for (const listener of listeners) listener();
  }

  globalThis.addEventListener?.('storage', (event) => {
    if (event.key === key) change(read() ?? fallback());
  });

  return {
    get: () => current,
    set: (value) => {
      try {
        localStorage.setItem(key, value);
      } catch {
        // As above.
      }
      change(value);
    },
    subscribe: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}
