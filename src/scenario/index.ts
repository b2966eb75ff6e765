export * from './document.ts';
export * from './gallery.ts';
export * from './link.ts';
export * from './resolve.ts';
export * from './values.ts';
