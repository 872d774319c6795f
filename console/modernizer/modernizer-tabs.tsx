import { Link } from '@tanstack/react-router';

const TABS = [
  { to: '/modernizer', label: 'Runs' },
  { to: '/modernizer/projects', label: 'Projects' },
  { to: '/modernizer/schedules', label: 'Schedules' },
] as const;

/** The three lists of the Modernizer. */
export function ModernizerTabs() {
  return (
    <nav aria-label="Modernizer" className="mb-5 flex gap-5 border-b">
      {TABS.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          className="-mb-px border-b-2 border-transparent pb-2 font-medium text-ink-soft hover:text-ink data-[status=active]:border-accent-text data-[status=active]:text-ink"
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
