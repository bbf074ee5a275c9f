import { powerless } from '../model/powerless-text.ts';

/** What our own output holds of them: colours, and the line of progress that is drawn anew. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const ownControls = /(\r?\u001b\[[0-9;]{0,20}[mK])/;

/** What a CI system takes for a command: `::name::` and `::name key=value::`, `::` where a line begins, `##[name]` and `##name[`. */
const namedCommand = /::(?=[A-Za-z][\w-]{0,39}(?:::| [\w-]{1,40}=[^\n:]{0,400}::))/g;
const commandLine = /^([^\S\n]{0,200}):(?=:)/gm;
const bracketCommand = /##(?=[A-Za-z]{0,20}\[)/g;

/**
 * Text for a log or a terminal in which nothing foreign has power: controls are written out as escapes, and no command of a CI system
 * is left whole. The escapes are those of JSON, so that JSON still says the same. Our own colours stay.
 */
export function inertText(text: string): string {
  return text
    .split(ownControls)
    .map((part, index) => (index % 2 === 1 ? part : powerless(part)))
    .join('')
    .replace(namedCommand, ':\\u003a')
    .replace(commandLine, '$1\\u003a')
    .replace(bracketCommand, '#\\u0023');
}
