// page.js - small helps on every page: menus, toasts, forms. Every page works without it.
(() => {
  'use strict';
  const root = document.documentElement;
  root.classList.add('js');
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Menus are <details>: one open at a time, closed by Esc and by a press elsewhere.
  const menus = () => all('details.menu[open]');
  document.addEventListener('toggle', (event) => {
    if (!event.target.matches?.('details.menu[open]')) return;
    menus().filter((menu) => menu !== event.target && !menu.contains(event.target)).forEach((menu) => { menu.open = false; });
  }, true);
  document.addEventListener('click', (event) => {
    menus().filter((menu) => !menu.contains(event.target)).forEach((menu) => { menu.open = false; });
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    const open = menus().pop();
    if (!open) return;
    open.open = false;
    open.querySelector('summary').focus();
    event.preventDefault();
  });

  // A toast goes after 6 seconds, unless it holds something to press or to read slowly.
  all('[data-toast]').forEach((toast) => {
    const close = toast.querySelector('[data-close]');
    close.hidden = false;
    close.addEventListener('click', () => toast.remove());
    if (!toast.querySelector('a') && toast.textContent.length < 140) {
      let timer = setTimeout(() => toast.remove(), 6000);
      toast.addEventListener('pointerenter', () => clearTimeout(timer));
      toast.addEventListener('focusin', () => clearTimeout(timer));
      toast.addEventListener('pointerleave', () => { timer = setTimeout(() => toast.remove(), 6000); });
    }
  });

  // What is being sent says so; a second press does nothing (the server would not take it twice).
  document.addEventListener('submit', (event) => {
    const form = event.target, button = event.submitter;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method !== 'post') return;
    form.dataset.sent = '1';
    setTimeout(() => {
      if (event.defaultPrevented) { delete form.dataset.sent; return; }
      if (button?.classList.contains('btn')) button.setAttribute('aria-busy', 'true');
    });
  });
  addEventListener('pageshow', () => all('form[data-sent]').forEach((form) => {
    delete form.dataset.sent;
    all('[aria-busy]', form).forEach((button) => button.removeAttribute('aria-busy'));
  }));

  // 1284000 reads as 1.284.000 after leaving the box; the server takes both.
  all('input[data-kind="number"]').forEach((input) => input.addEventListener('blur', () => {
    const typed = input.value.replace(/[\s.]/g, '');
    if (/^\d{4,15}$/.test(typed)) input.value = typed.replace(/\B(?=(\d{3})+$)/g, '.');
  }));

  // 12/11/2026 pasted into the first box of a date fills all three.
  all('[data-kind="date"]').forEach((box) => {
    const [day, month, year] = all('input', box);
    day.addEventListener('paste', (event) => {
      const found = /^\s*(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})\s*$/.exec(event.clipboardData.getData('text'));
      if (!found) return;
      event.preventDefault();
      [day.value, month.value, year.value] = found.slice(1);
      year.focus();
    });
  });

  // A question that hangs on another's answer is seen only then: data-show="NAME=A|B". The server asks the same.
  const shows = all('[data-show]').map((box) => {
    const [, name, answers] = /^([^=]*)=(.*)$/.exec(box.dataset.show);
    return { box, form: box.closest('form'), name, answers: answers.split('|') };
  });
  const answered = (form, name) => all(`[name="${name}"]`, form)
    .filter((input) => !input.closest('[hidden]') && (input.checked || !/^(radio|checkbox)$/.test(input.type))).map((input) => input.value);
  const show_asked = () => shows.forEach(({ box, form, name, answers }) => {
    if (!form?.querySelector(`[name="${name}"]`)) return; // asked on an earlier page
    box.hidden = !answered(form, name).some((answer) => answers.includes(answer));
  });
  if (shows.length) {
    show_asked();
    document.addEventListener('change', show_asked);
    addEventListener('pageshow', show_asked);
  }

  // Files: the names that were chosen; dropping them is extra.
  const size = (n) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))} kB` : `${(n / 1e6).toFixed(1).replace('.', ',')} MB`);
  all('[data-kind="file"]').forEach((box) => {
    const inputs = all('input[type="file"]', box), names = box.querySelector('.file-names');
    const show = () => {
      names.replaceChildren(...inputs.flatMap((input) => [...input.files]).map((file) => {
        const line = document.createElement('li');
        line.textContent = `${file.name} (${size(file.size)})`;
        return line;
      }));
    };
    inputs.forEach((input) => input.addEventListener('change', show));
    for (const kind of ['dragenter', 'dragover']) box.addEventListener(kind, (event) => { event.preventDefault(); box.classList.add('is-over'); });
    for (const kind of ['dragleave', 'drop']) box.addEventListener(kind, () => box.classList.remove('is-over'));
    box.addEventListener('drop', (event) => {
      event.preventDefault();
      const taken = new DataTransfer();
      [...event.dataTransfer.files].slice(0, inputs[0].multiple ? 50 : 1).forEach((file) => taken.items.add(file));
      inputs[0].files = taken.files;
      show();
    });
  });
})();
