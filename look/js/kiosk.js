// kiosk.js - a kiosk goes home when nobody touches it; first it asks.
(() => {
  'use strict';
  const box = document.querySelector('[data-idle]');
  if (!box) return;
  const home = box.dataset.idleHome, wait = Number(box.dataset.idle) * 1000, warn = Number(box.dataset.idleWarn) * 1000;
  let timer;
  const leave = () => { if (location.pathname + location.search !== home) location.replace(home); else begin(); };
  const ask = () => {
    if (location.pathname === home) { begin(); return; }
    box.hidden = false;
    box.querySelector('button').focus();
    timer = setTimeout(leave, warn);
  };
  function begin() {
    clearTimeout(timer);
    box.hidden = true;
    timer = setTimeout(ask, wait);
  }
  ['pointerdown', 'keydown', 'input', 'scroll', 'touchstart'].forEach((event) => addEventListener(event, begin, { passive: true }));
  // Nothing typed comes back by "back" or by a page kept in memory.
  addEventListener('pageshow', (event) => { document.querySelectorAll('form').forEach((f) => f.reset()); if (event.persisted) leave(); });
  begin();
})();
