import type { ReactNode } from 'react';

function Icon({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const icons = {
  toStart: (
    <Icon>
      <path d="M3.5 3v10" className="stroke" />
      <path d="M13 3.5v9L6 8z" className="fill" />
    </Icon>
  ),
  back: (
    <Icon>
      <path d="M10.5 3.5v9L4 8z" className="fill" />
      <path d="M12.75 4v8" className="stroke thin" />
    </Icon>
  ),
  play: (
    <Icon>
      <path d="M4.5 2.8v10.4L13 8z" className="fill" />
    </Icon>
  ),
  pause: (
    <Icon>
      <path d="M5.5 3.2v9.6M10.5 3.2v9.6" className="stroke thick" />
    </Icon>
  ),
  forward: (
    <Icon>
      <path d="M5.5 3.5v9L12 8z" className="fill" />
      <path d="M3.25 4v8" className="stroke thin" />
    </Icon>
  ),
  toEnd: (
    <Icon>
      <path d="M12.5 3v10" className="stroke" />
      <path d="M3 3.5v9L10 8z" className="fill" />
    </Icon>
  ),
  chevron: (
    <Icon>
      <path d="M4.5 6.5 8 10l3.5-3.5" className="stroke" />
    </Icon>
  ),
  left: (
    <Icon>
      <path d="M9.5 4.5 6 8l3.5 3.5" className="stroke" />
    </Icon>
  ),
  right: (
    <Icon>
      <path d="M6.5 4.5 10 8l-3.5 3.5" className="stroke" />
    </Icon>
  ),
  thread: (
    <Icon>
      <path d="M3 5.5h5M3 10.5h3.5M11 5.5h2M9.5 10.5H13" className="stroke" />
    </Icon>
  ),
  contention: (
    <Icon>
      <path d="M4.75 7.25V5.5a3.25 3.25 0 0 1 6.5 0v1.75" className="stroke" />
      <path d="M3.5 7.25h9v5.5h-9z" className="fill" />
    </Icon>
  ),
  violation: (
    <Icon>
      <path d="M8 3 13.5 12.75h-11z" className="stroke" />
      <path d="M8 6.75v2.5M8 11v.1" className="stroke" />
    </Icon>
  ),
  search: (
    <Icon>
      <circle cx="7" cy="7" r="4" className="stroke" />
      <path d="m10 10 3.25 3.25" className="stroke" />
    </Icon>
  ),
  check: (
    <Icon>
      <path d="m3.5 8.5 3 3 6-7" className="stroke" />
    </Icon>
  ),
  cross: (
    <Icon>
      <path d="m4 4 8 8M12 4l-8 8" className="stroke" />
    </Icon>
  ),
  link: (
    <Icon>
      <path
        d="M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.8-.8"
        className="stroke"
      />
    </Icon>
  ),
  theme: (
    <Icon>
      <circle cx="8" cy="8" r="5.25" className="stroke" />
      <path d="M8 2.75a5.25 5.25 0 0 1 0 10.5z" className="fill" />
    </Icon>
  ),
  sliders: (
    <Icon>
      <path d="M2.5 5h6.2M12.3 5h1.2M2.5 11h1.2M7.3 11h6.2" className="stroke" />
      <circle cx="10.5" cy="5" r="1.7" className="stroke" />
      <circle cx="5.5" cy="11" r="1.7" className="stroke" />
    </Icon>
  ),
} as const;
