/** What a page does where scripts run: nothing that it says depends on it. */
export const pageScript = `'use strict';
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach(fold => { fold.open = true; }));
`;
