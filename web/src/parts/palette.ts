/** Hands the palette file to the style sheets as custom properties: --major, --major-ink, --surface, --ink, … */
import palette from '../../palette.json' with { type: 'json' }

export function cssVariables(): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const [grade, { fill, ink }] of Object.entries(palette.grades)) {
    variables[`--${grade}`] = fill
    variables[`--${grade}-ink`] = ink
  }
  for (const [name, colour] of Object.entries({ ...palette.surfaces, ...palette.inks })) variables[`--${name}`] = colour
  return variables
}

export function applyPalette(root: HTMLElement): void {
  for (const [name, colour] of Object.entries(cssVariables())) root.style.setProperty(name, colour)
}
