import { errorTable } from '../errors.ts'

const rows = Object.entries(errorTable).map(
  ([code, { status, title, when, remedy }]) =>
    `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td><td>${toHtml(when)}</td><td>${toHtml(remedy)}</td></tr>`,
)

/** The table of errors as a page: where the `type` of a problem leads. */
export const errorsPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Fanfare: errors</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
  td, th { padding: .4rem .6rem; border-bottom: 1px solid #ccc; text-align: left; vertical-align: top }
  table { border-collapse: collapse }
  tr:target { background: #fff3c4 }
</style>
<h1>Errors</h1>
<p>Every error is problem+json (RFC 9457). Decide by <code>code</code>: it is stable.</p>
<table>
<tr><th>Code</th><th>Status</th><th>Title</th><th>When</th><th>What to do</th></tr>
${rows.join('\n')}
</table>
</html>
`

/** The table's own Markdown is code in backticks and nothing else. */
function toHtml(text: string): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return safe.replace(/`([^`]+)`/g, '<code>$1</code>')
}
