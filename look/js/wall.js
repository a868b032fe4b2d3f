// wall.js - the large screen: the clock goes, the figures come anew; what is old says so.
(() => {
  'use strict';
  const wall = () => document.querySelector('[data-wall]');
  if (!wall()) return;
  const every = Number(wall().dataset.wall) * 1000;
  let stopped = false, missed = 0;
  const local = new Intl.DateTimeFormat('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const tick = () => { wall().querySelector('[data-clock]').textContent = local.format(new Date()); };
  const offer = () => {
    const button = wall().querySelector('[data-pause]');
    button.hidden = false;
    button.addEventListener('click', () => { stopped = !stopped; [...button.children].forEach((words, i) => { words.hidden = (i === 0) === stopped; }); });
  };
  const renew = async () => {
    if (stopped) return;
    try {
      const answer = await fetch(location.href, { cache: 'no-store' });
      if (!answer.ok) throw new Error(answer.status);
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-wall]');
      wall().replaceWith(document.importNode(next, true));
      missed = 0;
      tick();
      offer();
    } catch {
      if (++missed >= 3) wall().querySelector('.wall-stale').hidden = false;
    }
  };
  tick();
  offer();
  setInterval(tick, 1000);
  setInterval(renew, every);
})();
