/** What a page does where scripts run: it sorts and filters tables and reads drawings; nothing that it says depends on it. */
export const pageScript = `'use strict';
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  addEventListener('beforeprint', () => all('details').forEach(fold => { fold.open = true; }));

  const keyOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
  };
  const compare = (one, other) => {
    if (typeof one === 'number' && typeof other === 'number') return one - other;
    if (typeof one === 'number') return -1;
    return typeof other === 'number' ? 1 : one.localeCompare(other);
  };
  for (const table of all('table.sortable')) {
    const titles = all('thead th', table);
    titles.forEach((title, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...title.childNodes);
      title.append(button);
      button.addEventListener('click', () => {
        const isDown = title.getAttribute('aria-sort') === 'descending' ||
          (!title.hasAttribute('aria-sort') && !title.hasAttribute('align'));
        for (const one of titles) one.removeAttribute('aria-sort');
        title.setAttribute('aria-sort', isDown ? 'ascending' : 'descending');
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => compare(keyOf(a, column), keyOf(b, column)) * (isDown ? 1 : -1));
        table.tBodies[0].append(...rows);
      });
    });
    const { rows } = table.tBodies[0];
    if (rows.length < 8) continue;
    const filter = document.createElement('input');
    filter.type = 'search';
    filter.placeholder = 'Filter';
    filter.setAttribute('aria-label', 'Filter by ' + titles[0].textContent);
    filter.addEventListener('input', () => {
      const wanted = filter.value.toLowerCase();
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
    table.parentElement.before(filter);
  }

  for (const figure of all('figure.course')) {
    const drawing = figure.querySelector('svg');
    const rows = all('tr[data-at]', figure);
    if (!drawing || rows.length === 0) continue;
    const titles = all('thead th', figure).map(title => title.textContent);
    const places = rows.map(row => Number(row.dataset.at));
    const box = drawing.viewBox.baseVal;
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('class', 'cross');
    drawing.append(line);
    const reading = document.createElement('output');
    drawing.after(reading);
    let at = -1;
    const show = index => {
      at = Math.min(rows.length - 1, Math.max(0, index));
      line.setAttribute('d', 'M' + places[at] + ',22V' + (box.height - 26));
      reading.textContent = [...rows[at].cells]
        .map((cell, column) => (column === 0 ? '' : titles[column] + ' ') + cell.textContent).join(' · ');
    };
    const hide = () => { line.setAttribute('d', ''); reading.textContent = ''; };
    drawing.addEventListener('pointermove', event => {
      const { left, width } = drawing.getBoundingClientRect();
      const x = ((event.clientX - left) / width) * box.width;
      let nearest = 0;
      places.forEach((place, index) => {
        if (Math.abs(place - x) < Math.abs(places[nearest] - x)) nearest = index;
      });
      show(nearest);
    });
    drawing.addEventListener('pointerleave', hide);
    drawing.setAttribute('tabindex', '0');
    drawing.addEventListener('blur', hide);
    drawing.addEventListener('keydown', event => {
      const step = { ArrowRight: 1, ArrowLeft: -1, Home: -rows.length, End: rows.length }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      show(at + step);
    });
  }
})();
`;
