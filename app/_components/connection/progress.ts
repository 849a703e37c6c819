/**
 * Marks the document while another page, or another search, is on its way: `app/global.css` then shows a bar and fades the
 * old rows. It works without React, which may be busy with the new page.
 */

/** The path and search of the page that is shown; null until React has started. */
let shown: string | null = null;

/** Called when a person goes to `url`. */
export function startProgress(url: string): void {
  const target = addressOf(url);
  // A link to the page that is shown, or to a place on it, changes no address by which its end could be told.
  if (target === shown) endProgress();
  else document.documentElement.dataset.navigating = "";
}

function endProgress(): void {
  delete document.documentElement.dataset.navigating;
}

/** Called with the page that is now on the screen. */
export function showPage(address: string): void {
  shown = addressOf(address);
  endProgress();
}

/** Called with where the server has led to: a way that leads back to this page ends here. */
export function endProgressAt(url: string): void {
  if (addressOf(url) === shown) endProgress();
}

/** The router adds `_rsc` to the address of its own requests. */
function addressOf(url: string): string {
  const { pathname, searchParams } = new URL(url, window.location.href);
  searchParams.delete("_rsc");
  return `${pathname}?${searchParams}`;
}
