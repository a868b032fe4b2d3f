// live.js - a part of the page that follows something long: words and bar move, the end loads the page anew.
(() => {
  'use strict';
  const part = document.querySelector('[data-live]');
  const from = part?.querySelector('[data-live-source]');
  if (!from || !window.EventSource) return;
  const source = new EventSource(from.href);
  const words = part.querySelector('[data-live-text]'), bar = part.querySelector('[data-live-bar]');
  source.onmessage = (event) => {
    let now;
    try { now = JSON.parse(event.data); } catch { return; }
    if (now.xong) { source.close(); location.reload(); return; }
    if (words && words.textContent !== now.chu) words.textContent = now.chu;
    if (bar && now.tong > 0) { bar.max = now.tong; bar.value = now.da; }
  };
  addEventListener('pagehide', () => source.close());
})();
