import type { ComponentProps } from 'react';
import styles from './button.module.css';

export type ButtonKind = 'plain' | 'primary' | 'danger' | 'quiet';

export function Button({
  kind = 'plain',
  isBusy = false,
  className = '',
  type = 'button',
  ...rest
}: ComponentProps<'button'> & { kind?: ButtonKind; isBusy?: boolean }) {
  return (
    <button
      {...rest}
      type={type}
      className={`${buttonClass(kind)} ${className}`}
      aria-busy={isBusy || undefined}
      disabled={rest.disabled === true || isBusy}
    />
  );
}

/** For a link that looks like a button. */
export function buttonClass(kind: ButtonKind = 'plain'): string {
  const ofKind = kind === 'plain' ? '' : styles[kind];
  return `${styles.button} ${ofKind}`;
}
