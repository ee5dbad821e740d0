import type { ComponentChildren } from 'preact';

/*
 * Line icons on a 20-unit grid. They stand beside a word that says the same, so they are hidden from screen readers.
 */
function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const WaitingIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M10 5.5V10l3 2" />
  </Icon>
);
export const ApprovedIcon = () => (
  <Icon>
    <path d="M4 10.5l4 4 8-9" />
  </Icon>
);
export const DeniedIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M5 5l10 10" />
  </Icon>
);
export const TestingIcon = () => (
  <Icon>
    <path d="M13.5 3.5l3 3L7 16l-3.8.8L4 13z" />
  </Icon>
);
export const PausedIcon = () => (
  <Icon>
    <path d="M7 4.5v11M13 4.5v11" />
  </Icon>
);
export const ResumeIcon = () => (
  <Icon>
    <path d="M6.5 4.5l9 5.5-9 5.5z" />
  </Icon>
);
export const InterruptedIcon = () => (
  <Icon>
    <path d="M10 3l7.5 13.5h-15zM10 8v4M10 14.2v.1" />
  </Icon>
);
export const SubmittedIcon = () => (
  <Icon>
    <rect x="4" y="2.5" width="12" height="15" rx="1.5" />
    <path d="M7 10l2.2 2.2L13.2 7.5" />
  </Icon>
);
export const EndedIcon = () => (
  <Icon>
    <rect x="4.5" y="4.5" width="11" height="11" rx="1.5" />
  </Icon>
);
export const LeftIcon = () => (
  <Icon>
    <path d="M8 3.5H4.5v13H8M11.5 6.5L15 10l-3.5 3.5M15 10H8" />
  </Icon>
);
export const HandIcon = () => (
  <Icon>
    <path d="M6 11V5.2a1.2 1.2 0 012.4 0V9m0-.5V3.7a1.2 1.2 0 012.4 0V9m0-.5V4.7a1.2 1.2 0 012.4 0V10m0-2.5a1.2 1.2 0 012.3 0V12a5.5 5.5 0 01-5.5 5.5c-2.4 0-3.6-.9-4.8-3l-2-3.4a1.2 1.2 0 012-1.3L6 11" />
  </Icon>
);
export const MessageIcon = () => (
  <Icon>
    <path d="M3 4h14v9.5H9L5.5 17v-3.5H3z" />
  </Icon>
);
export const ProctorIcon = () => (
  <Icon>
    <circle cx="10" cy="6.5" r="3.2" />
    <path d="M3.5 17c.5-3.5 3-5.3 6.5-5.3s6 1.8 6.5 5.3" />
  </Icon>
);
export const WarningIcon = InterruptedIcon;
export const OfflineIcon = () => (
  <Icon>
    <path d="M3 3l14 14M2.5 8A11 11 0 016 5.9M9 5a11 11 0 018.5 3M5.3 11.2A7 7 0 018 9.7m4.2.2a7 7 0 012.5 1.3M10 15.5v.1" />
  </Icon>
);
export const SealIcon = () => (
  <Icon>
    <rect x="4" y="8.5" width="12" height="8.5" rx="1.5" />
    <path d="M6.5 8.5V6.2a3.5 3.5 0 017 0v2.3" />
  </Icon>
);
export const PracticeIcon = () => (
  <Icon>
    <path d="M8 3h4M8.8 3v5L4 16.2a.9.9 0 00.8 1.3h10.4a.9.9 0 00.8-1.3L11.2 8V3M6.5 13h7" />
  </Icon>
);
export const CopyIcon = () => (
  <Icon>
    <rect x="7" y="7" width="9.5" height="9.5" rx="1.5" />
    <path d="M13 7V3.5H3.5V13H7" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="M5 5l10 10M15 5L5 15" />
  </Icon>
);
