/** Writes the files with which processes that the cloud starts are led to it under AWS's host names. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HostNameFiles } from '../../kernel/host-names.ts'
import { CAUGHT_HOSTS } from './caught-hosts.ts'
import type { TlsDoor } from './tls-door.ts'
import { trustedCertificates } from './trusted-certificates.ts'

const script = (name: string): string => fileURLToPath(new URL(`./preload/${name}`, import.meta.url))

/** Where answers come in without TLS, and under which names. */
interface PlainDoor {
  readonly port: number
  /** An expression for whole names in lower case, understood by JavaScript and by Python. */
  readonly hosts: string
}

/** Opens the door and gives the files; the authority's key is in none of them. */
export async function leadProcesses(door: TlsDoor, folder: string, plain: PlainDoor): Promise<HostNameFiles> {
  const port = await door.listen()
  const { certificate } = door.authority
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, text, { mode: 0o600 })
    return path
  }
  const settings = JSON.stringify({ port, authority: certificate, hosts: CAUGHT_HOSTS, plain })
  const pythonFolder = join(folder, 'python')
  await mkdir(pythonFolder, { recursive: true, mode: 0o700 })
  const [nodePreload, pythonPreload, authority, bundle] = await Promise.all([
    write('hosts.cjs', `require(${JSON.stringify(script('node.cjs'))})(${settings})\n`),
    write('hosts.py', pythonText(settings)),
    write('ca.pem', certificate),
    write('bundle.pem', `${trustedCertificates(process.env)}\n${certificate}`),
    write(join('python', 'sitecustomize.py'), siteText(join(folder, 'hosts.py'))),
  ])
  return { nodePreload, pythonPreload, pythonFolder, authority, bundle }
}

/**
 * Python imports one module of this name when it starts, the first on its path: it runs the one that it stands before, which
 * may be the system's.
 */
const siteText = (preload: string): string => `import importlib.machinery
import importlib.util
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
others = [one for one in sys.path if os.path.abspath(one or '.') != here]
spec = importlib.machinery.PathFinder.find_spec('sitecustomize', others)
if spec is not None and spec.loader is not None:
    module = importlib.util.module_from_spec(spec)
    sys.modules['sitecustomize'] = module
    spec.loader.exec_module(module)
with open(${JSON.stringify(preload)}) as file:
    exec(compile(file.read(), file.name, 'exec'), {'__name__': 'crossdock_hosts'})
`

/** JSON's texts and numbers are Python's too. */
const pythonText = (settings: string): string => `import importlib.util

spec = importlib.util.spec_from_file_location('crossdock_hosts', ${JSON.stringify(script('python.py'))})
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.lead(**${settings})
`
