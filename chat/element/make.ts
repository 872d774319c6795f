// Makes elements of a page, by name, attributes and children; text stays text.

type Attributes = Readonly<Record<string, string | boolean | null>>;

/** False and null leave an attribute out; true is one without a value. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** Drawn on 16 × 16, by lines. */
const ICONS = {
  send: 'M2.5 8 13.5 2.5 10.5 13.5 7.5 9zM7.5 9l3-3',
  stop: 'M5 5h6v6H5z',
  like: 'M5 7.5V13H3V7.5zM5 8l2.5-5c1 0 1.5.7 1.3 1.7L8.5 7H12c.9 0 1.4.8 1.2 1.6l-.9 3.4c-.1.6-.6 1-1.2 1H5',
  dislike:
    'M5 8.500V3H3v5.500zM5 8l2.500 5c1 0 1.500-.7 1.300-1.700L8.500 9H12c.9 0 1.400-.8 1.200-1.600l-.9-3.400c-.1-.6-.6-1-1.200-1H5',
  regenerate: 'M13 8a5 5 0 1 1-1.600-3.700M13 2.500v3h-3',
  edit: 'M3 13l.6-2.600 7-7 2 2-7 7zM9.500 4.500l2 2',
  copy: 'M6 5.500h7V13H6zM10 5.500V3H3v7.500h3',
  report: 'M4 13.500V3h7.500L10 5.500 11.500 8H4',
  back: 'M9.500 4 5.500 8l4 4',
  forward: 'M6.500 4l4 4-4 4',
  attach: 'M3 3h10v10H3zM3 11l3-3 2.500 2.500L10.500 8 13 10.500M6 6h.01',
  down: 'M8 3v9M4.500 8.500 8 12l3.500-3.500',
  close: 'M4 4l8 8M12 4l-8 8',
  upscale: 'M9 3h4v4M7 13H3V9M13 3 8.500 7.500M3 13l4.500-4.500',
} as const;
export type IconName = keyof typeof ICONS;

const SVG = 'http://www.w3.org/2000/svg';

export function icon(name: IconName): SVGElement {
  const drawing = document.createElementNS(SVG, 'svg');
  drawing.setAttribute('viewBox', '0 0 16 16');
  drawing.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  drawing.append(path);
  return drawing;
}

/** A button that is only a picture, with its name for those who do not see it. */
export const iconButton = (name: IconName, label: string, attributes: Attributes = {}): HTMLButtonElement =>
  make('button', { type: 'button', class: 'icon', 'aria-label': label, title: label, ...attributes }, icon(name));
