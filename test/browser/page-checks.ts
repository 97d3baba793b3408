/// <reference lib="dom" />
// What is measured inside the page: each function is sent to the browser as text, so each stands alone.

/** Texts whose contrast against what is behind them is below 4.5 (WCAG 2.2, 1.4.3 AA). */
export function lowContrast(): string[] {
  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [r = 0, g = 0, b = 0] = channels(color).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element): string => {
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if ((channels(color)[3] ?? 1) > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const found = new Set<string>();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || !node.textContent?.trim() || !element.checkVisibility()) continue;
    const isSvg = element instanceof SVGElement;
    const style = getComputedStyle(element);
    const [fore, back] = [luminance(isSvg ? style.fill : style.color), luminance(behind(element))];
    const contrast = (Math.max(fore, back) + 0.05) / (Math.min(fore, back) + 0.05);
    if (contrast < 4.5)
      found.add(`${contrast.toFixed(2)} ${element.tagName}.${element.getAttribute("class")}`);
  }
  return [...found];
}

/** Texts that reach beyond the page's width, other than where they can be scrolled. */
export function overflowing(): string[] {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.closest(".scroll, .symbols, .skip") === null)
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .map((element) => `${element.tagName}.${element.getAttribute("class")}`);
}

/** Elements and attributes that could run something or fetch something. */
export function active(): string[] {
  const elements = document.querySelectorAll(
    "script, iframe, frame, object, embed, img, image, link, base, form, video, audio, source, foreignObject, animate",
  );
  const attributes = [...document.querySelectorAll("*")].flatMap((element) =>
    element
      .getAttributeNames()
      .filter((name) => /^on|^src|^style$|^formaction$|^ping$|^srcdoc$/i.test(name))
      .map((name) => `${element.tagName} ${name}`),
  );
  return [...[...elements].map(({ tagName }) => tagName), ...attributes];
}

export interface Outline {
  readonly landmarks: Readonly<Record<string, number>>;
  /** Levels in order of the page. */
  readonly headings: readonly number[];
}

export function outline(): Outline {
  const count = (selector: string) => document.querySelectorAll(selector).length;
  return {
    landmarks: { main: count("main"), nav: count("nav"), header: count("header"), footer: count("footer") },
    headings: [...document.querySelectorAll("h1, h2, h3")].map(({ tagName }) => Number(tagName.slice(1))),
  };
}
