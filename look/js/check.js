// check.js - the server's own sentences, said before sending what it would refuse anyway.
(() => {
  'use strict';
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const digits = (text) => text.replace(/[\s.\-]/g, '');
  const real_date = (day, month, year) => {
    const [d, m, y] = [day, month, year].map(Number), date = new Date(Date.UTC(y, m - 1, d));
    return y >= 1850 && y <= 2200 && date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
  };
  const typed_date = (text) => {
    const found = /^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$/.exec(text.trim());
    return found !== null && real_date(found[1], found[2], found[3]);
  };
  const checks = {
    date: (text, boxes) => (boxes.length === 3 && boxes[1] ? real_date(...boxes) : typed_date(text)),
    'date-or-year': (text) => /^\d{4}$/.test(text) || typed_date(text),
    number: (text) => /^\d+$/.test(digits(text)),
    'id-no': (text) => /^\d{12}$/.test(digits(text)),
    phone: (text) => /^(0|\+84)\d{9,10}$/.test(digits(text)),
    email: (text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text),
    name: (text) => /^[ \-'.A-Za-z\u00c0-\uffff]*$/.test(text),
  };

  const answer = (field) => {
    const boxes = all('.date input', field).map((input) => input.value.trim());
    if (boxes.length) return { text: boxes.join(''), boxes };
    if (field.querySelector('input[type=radio], input[type=checkbox]')) return { text: field.querySelector(':checked') ? '1' : '', boxes };
    return { text: (field.querySelector('input, select, textarea')?.value ?? '').trim(), boxes };
  };
  const sentence_of = (field) => {
    const { text, boxes } = answer(field), { missing, check, bad } = field.dataset;
    if (!text) return missing ?? '';
    return bad && checks[check] && !checks[check](text, boxes) ? bad : '';
  };

  // The same marks as a page that the server drew again.
  const sprite = () => document.querySelector('svg.i use')?.getAttribute('href').split('#')[0] ?? '';
  const icon = () => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    svg.setAttribute('class', 'i');
    svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', `${sprite()}#oct`);
    svg.append(use);
    return svg;
  };
  const make = (tag, css, ...inside) => { const e = document.createElement(tag); if (css) e.className = css; e.append(...inside); return e; };
  const english = document.documentElement.lang === 'en';
  const controls = (field) => all('input, select, textarea', field);

  const unmark = (form) => {
    all('.field.is-wrong', form).forEach((field) => {
      field.classList.remove('is-wrong');
      all('.wrong', field).forEach((e) => e.remove());
      controls(field).forEach((c) => c.removeAttribute('aria-invalid'));
    });
    document.getElementById('errors')?.remove();
  };
  const mark = (field, sentence) => {
    const first = controls(field)[0], id = `${first.id}-wrong`;
    const line = make('span', 'wrong', icon(), make('span', '', make('span', 'sr', english ? 'Error:' : 'Lỗi:'), ` ${sentence}`));
    line.id = id;
    (field.querySelector('.plain-field, .with-unit, .qr-field, .date, .choices') ?? first).before(line);
    field.classList.add('is-wrong');
    controls(field).forEach((c) => c.setAttribute('aria-invalid', 'true'));
    const described = field.matches('fieldset') ? field : first;
    const others = (described.getAttribute('aria-describedby') ?? '').split(' ').filter((x) => x && x !== id);
    described.setAttribute('aria-describedby', [id, ...others].join(' '));
    const link = make('a', '', sentence);
    link.href = `#${first.id}`;
    return make('li', '', link);
  };
  const show = (form, wrong) => {
    const title = make('h2', '', english ? `${wrong.length} places need correction` : `Có ${wrong.length} chỗ cần sửa`), list = make('ul', '');
    title.id = 'errors-title';
    list.append(...wrong.map(({ field, sentence }) => mark(field, sentence)));
    const box = make('div', 'errors', icon(), make('div', '', title, list));
    box.id = 'errors';
    box.tabIndex = -1;
    box.setAttribute('role', 'alert');
    box.setAttribute('aria-labelledby', 'errors-title');
    form.prepend(box);
    const error = english ? 'Error: ' : 'Lỗi: ';
    if (!document.title.startsWith(error)) document.title = error + document.title;
    box.focus();
    box.scrollIntoView({ block: 'start' });
  };

  // Capture: before the form is said to be on its way.
  document.addEventListener('submit', (event) => {
    const form = event.target, button = event.submitter;
    if (!form.noValidate || form.method !== 'post') return;
    if (button && (!button.matches('.btn') || button.matches('.btn-2, .btn-q, .btn-d, .btn-dd, .btn-dq'))) return;
    const wrong = all('.field[data-missing], .field[data-check]', form)
      .filter((field) => field.getClientRects().length)
      .map((field) => ({ field, sentence: sentence_of(field) })).filter(({ sentence }) => sentence);
    if (!wrong.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    unmark(form);
    show(form, wrong);
  }, true);
})();
