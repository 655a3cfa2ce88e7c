/** Reads the fields of the form of wishes on a page, as a browser would send them back. */
export function fieldsIn(page: string): Record<string, string | string[]> {
  const form = /<form[^>]*class="sign-up"[\s\S]*?<\/form>/.exec(page)?.[0] ?? '';
  const unescape = (text: string) =>
    text
      .replaceAll('&quot;', '"')
      .replaceAll('&#x27;', "'")
      .replaceAll('&#x3D;', '=')
      .replaceAll('&#x60;', '`')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
  const checked = [...form.matchAll(/<input type="(?:checkbox|radio)" name="(\w+)" value="([^"]*)" checked/g)];
  const fields: Record<string, string | string[]> = {
    topics: checked.filter(([, name]) => name === 'topics').map(([, , value]) => value ?? ''),
    cadence: checked.find(([, name]) => name === 'cadence')?.[2] ?? '',
    selectivity: /name="selectivity" value="(\w+)"[^>]* checked/.exec(form)?.[1] ?? '',
    perhaps: ['no', ...(/name="perhaps" value="yes"[^>]* checked/.test(form) ? ['yes'] : [])],
    maxPapers: /name="maxPapers"[^>]*value="(\d+)"/.exec(form)?.[1] ?? '',
  };
  for (const [, name = '', value = ''] of form.matchAll(/<textarea[^>]*name="(\w+)"[^>]*>([^<]*)</g))
    fields[name] = unescape(value).replaceAll('\n', '\r\n');
  for (const [, name = '', options = ''] of form.matchAll(/<select[^>]*name="(\w+)"[^>]*>([\s\S]*?)<\/select>/g)) {
    fields[name] = /value="([^"]*)"(?: lang="\w+")? selected/.exec(options)?.[1] ?? '';
  }
  return fields;
}
