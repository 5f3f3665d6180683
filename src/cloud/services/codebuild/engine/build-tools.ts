/** The commands that every build has, put where the build's shell finds them: CodeBuild's own, and Crossdock. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFolder } from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import { makeImageStorage } from '../../../machine/containers/image-storage.ts'
import { imageTools } from '../../../machine/containers/image-tools.ts'

/** AWS: "Use the codebuild-tests-run CLI command" and its neighbours; "codebuild-hash-files" of S3 caching. */
const COMMANDS = ['codebuild-glob-search', 'codebuild-hash-files', 'codebuild-tests-run']

/** What builds call for images; each is led to what this machine has for them. */
const IMAGE_CLIENTS = ['docker', 'podman']

const script = (name: string): string => fileURLToPath(new URL(`./build-tools/${name}`, import.meta.url))

/**
 * Writes them into a folder that goes with the build; gives the folder that is to be in its PATH.
 * AWS: only builds whose environment is privileged have a Docker daemon.
 */
export async function buildTools(
  { containers }: Pick<Cloud, 'containers'>,
  folder: string,
  privileged: boolean,
): Promise<string> {
  const bin = join(folder, 'codebuild-commands')
  await mkdir(bin, { recursive: true })
  const storage = await makeImageStorage(folder)
  const configuration = join(bin, '.images.json')
  const tools = { ...imageTools(containers.choice, folder), storage, privileged }
  await writeFile(configuration, JSON.stringify(tools))
  const command = (name: string, ...words: string[]) => writeCommand(join(bin, name), words)
  await Promise.all([
    ...COMMANDS.map((name) => command(name, script('build-tools.mjs'), name)),
    ...IMAGE_CLIENTS.map((name) => command(name, script('docker.mjs'), configuration, name)),
    // Builds that update their pipeline run it; AWS's images have none, and those builds install it there.
    ...(existsSync(crossdock()) ? [command('crossdock', crossdock())] : []),
  ])
  return bin
}

/** This very version of it, as the package has it. */
const crossdock = (): string => join(packageFolder(), 'dist', 'cli.cjs')

const writeCommand = (file: string, words: readonly string[]): Promise<void> =>
  writeFile(file, `#!/bin/sh\nexec ${[process.execPath, ...words].map(quoted).join(' ')} "$@"\n`, {
    mode: 0o755,
  })

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`
