// On narrow screens the places and the side are drawers: one at a time, over the conversation, which waits meanwhile.

const NARROW = matchMedia("(max-width: 760px)");
const MEDIUM = matchMedia("(max-width: 980px)");

/** Whether the side lies over the conversation. */
export const sideIsDrawer = () => MEDIUM.matches;

/** Add `app.openPlaces()` and `app.closeDrawers()`. */
export function mount(app, { places, side, main, veil }) {
  let opener = null;

  app.openPlaces = () => {
    opener = document.activeElement;
    places.dataset.open = "";
    update();
    (places.querySelector('#channels [aria-current="page"]') ?? places.querySelector("a, button"))?.focus();
  };

  app.closeDrawers = () => {
    const had = isOpen();
    delete places.dataset.open;
    if (sideIsDrawer() && app.store.get("panel")?.open) app.store.set("panel", { ...app.store.get("panel"), open: false });
    update();
    if (had) opener?.focus({ preventScroll: true });
    opener = null;
  };

  const placesOpen = () => NARROW.matches && "open" in places.dataset;
  const sideOpen = () => sideIsDrawer() && app.store.get("panel")?.open === true;
  const isOpen = () => placesOpen() || sideOpen();

  function update() {
    veil.hidden = !isOpen();
    main.inert = isOpen();
    places.inert = NARROW.matches ? !placesOpen() : sideOpen();
    side.inert = placesOpen();
  }

  app.store.on("panel", (panel) => {
    if (panel.open && sideIsDrawer()) {
      opener ??= document.activeElement;
      delete places.dataset.open;
    }
    update();
  });
  for (const width of [NARROW, MEDIUM]) {
    width.addEventListener("change", () => {
      delete places.dataset.open;
      update();
    });
  }
  veil.addEventListener("click", app.closeDrawers);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.shiftKey && !event.defaultPrevented && isOpen() && !overlay()) app.closeDrawers();
  });
  // Going somewhere is what the left drawer is for; who goes to the open channel only wants it away.
  places.addEventListener("click", (event) => event.target.closest("a") && placesOpen() && app.closeDrawers());
  app.store.on("channel", () => placesOpen() || update());
  update();
}

/** Something that Esc closes first. */
const overlay = () => document.querySelector("dialog[open], :popover-open");
