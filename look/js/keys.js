// keys.js - the officer's keyboard. A key presses, or goes to, what carries it: data-key="E", or a
// button or link with <kbd>E</kbd> in it.
(() => {
  'use strict';
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  all(':is(a, button):not([data-key]) kbd').forEach((kbd) => { kbd.closest('a, button').dataset.key = kbd.textContent.trim().replace('↵', 'Enter'); });
  const counter = document.querySelector('[data-counter]');
  const store = { get off() { try { return localStorage.getItem('phim') === 'tat'; } catch { return false; } },
    set off(v) { try { localStorage.setItem('phim', v ? 'tat' : 'bat'); } catch { /* private window */ } } };
  const seen = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
  const carrying = (key) => all('[data-key]').find((e) => e.dataset.key === key && seen(e));
  const in_field = (e) => e.matches?.('input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]');

  const use = (element) => {
    if (!element) return false;
    if (element.matches('input:not([type=checkbox]), textarea, select')) { element.focus(); element.select?.(); }
    else if (element.matches('[tabindex], table, section, fieldset')) (element.querySelector('input, button, a, select, textarea') ?? element).focus();
    else element.click();
    return true;
  };

  // ---- lists: J K X Shift X Enter ----
  const rows = () => all('tr[data-row]');
  let current = -1, anchor = -1;
  const go_to = (i) => {
    const list = rows();
    if (!list.length) return;
    current = Math.min(Math.max(i, 0), list.length - 1);
    list.forEach((row, n) => row.classList.toggle('is-current', n === current));
    const row = list[current];
    (row.querySelector('a') ?? row.querySelector('input'))?.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  };
  const box_of = (row) => row.querySelector('.pick input');
  const picked_now = () => {
    rows().forEach((row) => row.classList.toggle('is-picked', !!box_of(row)?.checked));
    const n = rows().filter((row) => box_of(row)?.checked).length;
    all('[data-picked]').forEach((e) => { e.textContent = n; });
    all('[data-bulk]').forEach((bar) => { bar.hidden = n === 0; });
  };
  const pick = (range) => {
    const list = rows();
    if (current < 0) go_to(0);
    const box = list[current] && box_of(list[current]);
    if (!box) return;
    const on = !box.checked, from = range && anchor >= 0 ? anchor : current;
    for (let i = Math.min(from, current); i <= Math.max(from, current); i++) {
      const other = box_of(list[i]);
      if (other) other.checked = range ? true : on;
    }
    anchor = current;
    picked_now();
  };
  document.addEventListener('change', (event) => { if (event.target.closest('tr[data-row]')) picked_now(); });
  document.addEventListener('focusin', (event) => {
    const i = rows().indexOf(event.target.closest?.('tr[data-row]'));
    if (i >= 0 && i !== current) { current = i; rows().forEach((row, n) => row.classList.toggle('is-current', n === i)); }
  });
  all('[data-bulk]').forEach((bar) => {
    const none = document.createElement('button');
    none.type = 'button';
    none.className = 'btn btn-q';
    none.textContent = document.documentElement.lang === 'en' ? 'Clear selection' : 'Bỏ chọn';
    none.addEventListener('click', () => { rows().forEach((row) => { const box = box_of(row); if (box) box.checked = false; }); picked_now(); });
    bar.append(none);
  });
  if (rows().length) picked_now();

  // ---- papers at the counter: up and down between boxes, Space ticks by itself ----
  const papers = all('[data-papers] tbody tr');
  const paper_at = () => papers.findIndex((row) => row.contains(document.activeElement));
  const move_paper = (step) => {
    const i = paper_at();
    if (i < 0) return false;
    papers[Math.min(Math.max(i + step, 0), papers.length - 1)].querySelector('input')?.focus();
    return true;
  };
  papers.forEach((row) => row.addEventListener('focusin', () => papers.forEach((r) => r.classList.toggle('is-current', r === row))));

  // ---- help: every key of this page ----
  const english = document.documentElement.lang === 'en';
  const words = english
    ? { title: 'Keys of this page', move: 'Next, previous row', pick: 'Select row', range: 'Select up to here', open: 'Open', tabs: 'Tabs', go: 'Then first letter of a section: go there', help: 'This list', use: 'Use single-letter keys', close: 'Close' }
    : { title: 'Phím của trang này', move: 'Dòng dưới, dòng trên', pick: 'Chọn dòng', range: 'Chọn đến dòng này', open: 'Mở', tabs: 'Thẻ', go: 'Rồi chữ đầu của mục: đi tới mục đó', help: 'Danh sách này', use: 'Dùng phím chữ', close: 'Đóng' };
  const name_of = (e) => {
    const copy = e.cloneNode(true);
    all('kbd, .sr', copy).forEach((k) => k.remove());
    return (e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? copy.textContent).trim() || e.placeholder || '';
  };
  const help = () => {
    const dialog = document.createElement('dialog');
    dialog.className = 'keys-help';
    dialog.setAttribute('aria-label', words.title);
    const list = document.createElement('dl');
    const add = (keys, what) => {
      const line = document.createElement('div'), dt = document.createElement('dt'), dd = document.createElement('dd');
      keys.split(' / ').forEach((k, i) => { const kbd = document.createElement('kbd'); kbd.textContent = k; if (i) dd.append(' '); dd.append(kbd); });
      dt.textContent = what;
      line.append(dt, dd);
      list.append(line);
    };
    if (rows().length) { add('J / K', words.move); add('X', words.pick); add('Shift X', words.range); add('Enter', words.open); }
    if (all('.tabs a').length) add('1 … 9', words.tabs);
    if (all('.rail a').length) add('G', words.go);
    all('[data-key]').filter(seen).forEach((e) => add(e.dataset.key.replace('Enter', '↵'), name_of(e)));
    add('?', words.help);
    const title = document.createElement('h2'), buttons = document.createElement('div'), close = document.createElement('button');
    title.textContent = words.title;
    const label = document.createElement('label'), box = document.createElement('input');
    box.type = 'checkbox';
    box.checked = !store.off;
    box.addEventListener('change', () => { store.off = !box.checked; });
    label.className = 'tick push';
    label.append(box, words.use);
    close.className = 'btn btn-2';
    close.textContent = words.close;
    close.addEventListener('click', () => dialog.close());
    buttons.className = 'buttons';
    buttons.append(close, label);
    dialog.append(title, list, buttons);
    const opener = document.activeElement;
    dialog.addEventListener('close', () => { dialog.remove(); opener?.focus?.(); });
    document.body.append(dialog);
    dialog.showModal();
    close.focus();
  };

  // ---- one place for all keys ----
  const fold = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/gi, 'd').trim().toUpperCase();
  let go_until = 0;
  const go_to_section = (letter) => use(all('.rail a').find((a) => fold(a.querySelector('.word').textContent)[0] === letter));

  const with_control = (event) => {
    if (event.key === 'Enter') return use(carrying('Ctrl Enter'));
    if (event.key.toLowerCase() === 'k') return use(carrying('Ctrl K'));
    return false;
  };
  const escape = (event) => {
    if (in_field(event.target) && !counter) { event.target.blur(); return true; }
    return use(carrying('Esc')) || use(document.querySelector('.backline .back'));
  };
  const letter = (event) => {
    const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
    if (key === '?') { help(); return true; }
    if (key === '/') return use(carrying('/'));
    if (store.off) return false;
    if (Date.now() < go_until) { go_until = 0; return go_to_section(key); }
    if (key === 'G' && all('.rail a').length) { go_until = Date.now() + 1500; return true; }
    if (rows().length && (key === 'J' || key === 'K')) { go_to(current + (key === 'J' ? 1 : current < 0 ? 1 : -1)); return true; }
    if (rows().length && key === 'X') { pick(event.shiftKey); return true; }
    if (/^[1-9]$/.test(key) && !event.shiftKey) return use(all('.tabs a')[key - 1]);
    return use(carrying(key));
  };
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey || document.querySelector('dialog[open]')) return;
    let done = false;
    if (event.ctrlKey || event.metaKey) done = with_control(event);
    else if (/^F([2-9])$/.test(event.key)) done = counter !== null && (use(carrying(event.key)) || true); // not reload, not find
    else if (event.key === 'Escape') done = escape(event);
    else if (event.key === 'ArrowDown') done = move_paper(1);
    else if (event.key === 'ArrowUp') done = move_paper(-1);
    else if (event.key.length === 1 && event.key !== ' ' && !in_field(event.target)) done = letter(event);
    if (done) event.preventDefault();
  });
})();
