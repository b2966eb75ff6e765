/** Version of the record format and of the command line's JSON. */
export const FORMAT_VERSION = 1;
/**
 * Version of the model: raised, with the reason in the commit, whenever a scenario's records may come out otherwise
 * than before. Links carry it.
 */
export const MODEL_VERSION = 5;
