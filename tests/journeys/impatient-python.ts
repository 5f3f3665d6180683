/** Python that rests no longer than a moment, so that clients of AWS written in it look again soon. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** `aws cloudformation deploy` looks at a stack and then, where it is not done yet, 30 s later: here it is done in between. */
const IMPATIENCE = `import time
patient = time.sleep
time.sleep = lambda seconds: patient(min(seconds, 0.2))
`

/**
 * Gives the variables of Python for it; its file is below `folder`. Python reads sitecustomize.py at its start. Version 2
 * of the aws CLI brings its own Python, which does not, and waits.
 */
export async function impatientPython(folder: string): Promise<{ readonly PYTHONPATH: string }> {
  const python = join(folder, 'python')
  await mkdir(python, { recursive: true })
  await writeFile(join(python, 'sitecustomize.py'), IMPATIENCE)
  return { PYTHONPATH: python }
}
