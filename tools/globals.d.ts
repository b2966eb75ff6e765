/** Short hash of the contents of src/, set by the build. */
declare const __BUILD__: string;
/** The version in package.json, set by the build. */
declare const __VERSION__: string;
