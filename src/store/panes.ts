/** Sizes of the page's panes as the reader drew them; null where nothing was drawn. */
export interface Panes {
  /** Percentages of the width by name of the pane, as the panes' library has them. */
  readonly columns: Readonly<Record<string, number>> | null;
  /** Height of the open drawer, px. */
  readonly drawerHeight: number | null;
}

export const NO_PANES: Panes = { columns: null, drawerHeight: null };

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 100_000;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads what `JSON.stringify` made of panes; whatever else it is counts as nothing drawn. */
export function readPanes(text: string | null): Panes {
  try {
    const kept: unknown = JSON.parse(text ?? '');
    if (!isObject(kept)) return NO_PANES;
    const { columns, drawerHeight } = kept;
    const sizes = isObject(columns) ? Object.entries(columns).filter(([, size]) => isSize(size)) : [];
    return {
      columns: sizes.length === 3 ? (Object.fromEntries(sizes) as Record<string, number>) : null,
      drawerHeight: isSize(drawerHeight) ? drawerHeight : null,
    };
  } catch {
    return NO_PANES;
  }
}
