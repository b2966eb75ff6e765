import { expect, test } from 'vitest';
import { defaults, recordOf, sharedFiles } from './catalogue.ts';
import { pathFiles } from './files.ts';
import { fetchPathFiles, isThereAtOnce } from './late-files.ts';

test('what is fetched is what Node has at once', async () => {
  expect(await fetchPathFiles([...Object.keys(pathFiles), 'fault/none.kp'])).toEqual(pathFiles);
});

test('shared files and those of the defaults need not be fetched, those of other strategies must', () => {
  const chosen = [recordOf('munmap', defaults.munmap), recordOf('fault', defaults.fault)];
  const wanted = [...sharedFiles, ...chosen.map((record) => record?.file ?? '')];
  expect(Object.keys(pathFiles).filter(isThereAtOnce).sort()).toEqual([...wanted].sort());
});
