import type { Messages } from '../../languages/messages.ts';
import { markdownText } from '../../text/markdown.ts';
import type { MethodsSection } from './methods.ts';

/** Writes a methods sheet in Markdown. Texts cannot become markup or links. */
export function methodsMarkdown(
  sections: readonly MethodsSection[],
  { methods: { heading, separator } }: Pick<Messages, 'methods'>,
): string {
  const parts = sections.map(({ title, paragraphs, entries }) =>
    [
      `## ${markdownText(title)}`,
      ...paragraphs.map(markdownText),
      ...(entries.length > 0
        ? [
            entries
              .map(([label, value]) => `- ${markdownText(label)}${separator}${markdownText(value)}`)
              .join('\n'),
          ]
        : []),
    ].join('\n\n'),
  );
  return `# ${heading}\n\n${parts.join('\n\n')}\n`;
}
