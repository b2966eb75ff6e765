/** simjs has no types, and puts what it exports on `window` alone. */
declare module 'simjs';
