/** The page that shows a plan. */

/** What the server answers to `dflint.server.drawPlan`. */
export interface Drawing {
  svg: string;
}

/** A page without scripts around the drawing, which brings its own colours for light and dark. */
export function planPage(title: string, drawing: Drawing): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>body { padding: 1em } svg { max-width: 100%; height: auto }</style>
</head>
<body>
${drawing.svg}
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
