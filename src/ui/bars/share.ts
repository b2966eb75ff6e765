import { documentOf, fragmentOf, MAX_LINK } from '../../store/index.ts';
import { app } from '../app-store.ts';
import { saveFile } from '../save.ts';
import { count } from '../text/numbers.ts';

/** What no link can hold goes into a file, with every choice written into its scenario. */
async function offerFile(): Promise<void> {
  const { notify } = app();
  const long = `This experiment is too long for a link: ${count(MAX_LINK)} characters are the most.`;
  const file = await documentOf(app());
  if (file === null) {
    notify({ tone: 'error', text: `${long} Its text has mistakes, so there is no file to save either.` });
    return;
  }
  notify({
    tone: 'info',
    text: `${long} Saved as a file, it is run by the command line: mmscope run ${file.name}`,
    offer: { label: `Save ${file.name}`, act: () => saveFile(file.name, 'text/plain', file.text) },
  });
}

/** Copies the address of the present state; where there can be none, offers the document as a file. */
export async function share(): Promise<void> {
  const { notify } = app();
  let fragment: string;
  try {
    fragment = await fragmentOf(app());
  } catch {
    await offerFile();
    return;
  }
  try {
    await navigator.clipboard.writeText(`${location.origin}${location.pathname}#${fragment}`);
    notify({ tone: 'info', text: 'Link copied: it opens this experiment at this moment, with this view.' });
  } catch {
    notify({
      tone: 'error',
      text: 'The browser did not let the link be copied; the address bar holds the same link.',
    });
  }
}
