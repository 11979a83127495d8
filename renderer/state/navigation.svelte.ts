import { hrefOf, parseRoute, type Route } from './routes.ts';

class Navigation {
  route = $state.raw<Route>(parseRoute(window.location.hash));
  /** `v`: charts are shown as tables on every page until it is pressed again. */
  tables = $state(false);

  start(): void {
    window.addEventListener('hashchange', () => {
      this.route = parseRoute(window.location.hash);
    });
  }

  go(route: Route): void {
    window.location.hash = hrefOf(route);
    this.route = route;
  }
}

export const navigation = new Navigation();
