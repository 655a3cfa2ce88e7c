/**
 * Styles that stand in many places of a mail: inline, since some programs drop style sheets, and without padding on
 * anything but table cells, which Outlook for Windows (Word's engine) ignores elsewhere.
 */
const SANS = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

const STYLES = {
  serif: "Georgia,'Times New Roman',serif",
  text: `font-family:${SANS};font-size:16px;line-height:1.45;color:#24292f;text-align:left`,
  quiet: `font-family:${SANS};font-size:16px;line-height:1.35;color:#57606a;text-align:left`,
  /** A paper’s title as a link, 44 pixels high for a thumb (WCAG 2.2, 2.5.5), its words next to what is below. */
  title:
    'color:#1b2a41;text-decoration:underline;text-decoration-color:#a9a294;display:table-cell;height:44px;vertical-align:bottom',
  /** A link in the row of a card. */
  act: 'color:#57606a;text-decoration:underline;display:inline-block;line-height:44px',
  /** Read by screen readers alone, and by everybody where styles are lost. */
  unseen: 'display:inline-block;width:1px;height:1px;overflow:hidden;white-space:nowrap;mso-hide:all',
} as const;

/** Returns a style by its name. Throws where there is none. */
export function inlineStyle(name: string): string {
  if (!Object.hasOwn(STYLES, name)) throw new Error(`There is no style «${name}»`);
  return STYLES[name as keyof typeof STYLES];
}
