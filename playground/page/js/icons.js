// The page's own icons: lines in a square of 24, as wide and as coloured as the text around them says.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  at: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM16 8v5a2.5 2.5 0 0 0 5 0v-1a9 9 0 1 0-3.6 7.2",
  back: "M15 5l-7 7 7 7",
  bolt: "M13 2L4 14h7l-1 8 9-12h-7z",
  bot: "M5 9h14v10H5zM12 9V5M12 4.5v0M9 13.5v.5M15 13.5v.5M2 13v3M22 13v3",
  bulb: "M9 18h6M10 21.5h4M12 2.5a6.5 6.5 0 0 0-3.8 11.8c.5.4.8 1 .8 1.7h6c0-.7.3-1.3.8-1.7A6.5 6.5 0 0 0 12 2.5z",
  check: "M4.5 12.5l5 5 10-11",
  clock: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM12 7v5l3.5 2",
  close: "M5.5 5.5l13 13M18.5 5.5l-13 13",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  crown: "M3 8l4.5 4L12 5l4.5 7L21 8l-2 11H5z",
  database: "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3",
  deaf: "M4 14v-1a8 8 0 0 1 13-6.2M20 12v2M4 14h3v6H4zM17 17v3h3v-6M3 3l18 18",
  door: "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
  dots: "M5.5 12a.5.5 0 1 1-1 0 .5.5 0 0 1 1 0zM12.5 12a.5.5 0 1 1-1 0 .5.5 0 0 1 1 0zM19.5 12a.5.5 0 1 1-1 0 .5.5 0 0 1 1 0z",
  down: "M5 9l7 7 7-7",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  ear: "M4 14v-1a8 8 0 0 1 16 0v1M4 14h3v6H4zM17 14h3v6h-3z",
  external: "M14 4h6v6M20 4l-9 9M18 13v6H5V6h6",
  eye: "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12zM15 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  flask: "M9 3h6M10 3v6l-5.5 9.5A1.7 1.7 0 0 0 6 21h12a1.7 1.7 0 0 0 1.5-2.5L14 9V3M7.5 15h9",
  forum: "M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5",
  hash: "M9.5 3l-2 18M16.5 3l-2 18M4 8.5h17M3 15.5h17",
  hourglass: "M6 3h12M6 21h12M7 3c0 5 5 6 5 9s-5 4-5 9M17 3c0 5-5 6-5 9s5 4 5 9",
  key: "M14.5 13.5a5 5 0 1 0-4-4L3 17v4h4v-3h3v-3z",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  menu: "M4 6h16M4 12h16M4 18h16",
  message: "M4 5h16v11H11l-5 4v-4H4z",
  mic: "M9 6a3 3 0 0 1 6 0v5a3 3 0 0 1-6 0zM5 11a7 7 0 0 0 14 0M12 18v3",
  muted: "M9 5a3 3 0 0 1 6 1v4M9 9v2a3 3 0 0 0 4.5 2.6M5 11a7 7 0 0 0 11 5.7M19 11c0 1-.2 2-.6 2.8M12 18v3M3 3l18 18",
  news: "M4 10v4h3l8 5V5L7 10zM18.5 9a4 4 0 0 1 0 6",
  pen: "M4 20l1-4.500L16.5 4a2 2 0 0 1 3 3L8 18.500z",
  people: "M12.5 8a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM2 20c0-4 3-6.5 7-6.5s7 2.5 7 6.5M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 14c2.5 1 4 3.2 4 6",
  pin: "M8.5 3h7l-1 7 3.5 4H6l3.5-4zM12 14v7",
  plus: "M12 5v14M5 12h14",
  power: "M12 3v9M6.5 6.500a8 8 0 1 0 11 0",
  reply: "M10 6l-6 5 6 5M4 11h9c4 0 7 2 7 7",
  search: "M17 10.500a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0zM15.5 15.500L21 21",
  send: "M4 4l17 8-17 8 3-8zM7 12h7",
  shield: "M12 3l8 3v6c0 4.5-3.5 7.800-8 9-4.5-1.2-8-4.5-8-9V6z",
  skip: "M4 5l7 7-7 7zM13 5l7 7-7 7z",
  smile: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM8 14c1.5 3.5 6.5 3.5 8 0M9 9.5v.1M15 9.5v.1",
  stage: "M12 13.500v7.500M9.5 11a2.5 2.5 0 1 1 5 0 2.5 2.5 0 0 1-5 0zM7 16a7 7 0 1 1 10 0M9 21h6",
  step: "M5 5l9 7-9 7zM19 5v14",
  thread: "M5 4v8a3 3 0 0 0 3 3h11M15 11l4 4-4 4",
  trash: "M4 6.5h16M9 6V4h6v2M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
  up: "M5 15l7-7 7 7",
  voice: "M4 9.500v5h3.500L12 19V5L7.5 9.500zM15.5 9a4 4 0 0 1 0 6M18 6.500a7.5 7.5 0 0 1 0 11",
  warning: "M12 3.500L2.5 20h19zM12 10v4.500M12 17.300v.2",
};

/** An icon as decoration: what it stands on needs a name of its own. */
export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("style", `width:${size}px;height:${size}px`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
