// Sets the theme before anything is painted, so that a dark page never flashes white.
// The rules are those of shell/theme-state.ts; a file of its own, because the page allows no inline script.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('tandem-theme');
  } catch {
    // Storage may be forbidden; the system's choice is then right.
    choice = null;
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
