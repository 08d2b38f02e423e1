import type { Messages } from '../../languages/messages.ts';
import type { MethodsSection } from './methods.ts';

/** A methods sheet in Markdown. Nothing in the texts can be markup. */
export function methodsMarkdown(
  sections: readonly MethodsSection[],
  { methods: { heading, separator } }: Pick<Messages, 'methods'>,
): string {
  const parts = sections.map(({ title, paragraphs, entries }) =>
    [
      `## ${escaped(title)}`,
      ...paragraphs.map(escaped),
      ...(entries.length > 0
        ? [entries.map(([label, value]) => `- ${escaped(label)}${separator}${escaped(value)}`).join('\n')]
        : []),
    ].join('\n\n'),
  );
  return `# ${heading}\n\n${parts.join('\n\n')}\n`;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!~&]/g, '\\$&');
}
