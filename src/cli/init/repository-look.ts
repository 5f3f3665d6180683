/** What a repository holds that a pipeline could ship, as far as its files tell. */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { isMap, parseTemplate, type Section } from '../../template/index.ts'

const run = promisify(execFile)

export interface RepositoryLook {
  readonly folder: string
  /** Templates of CloudFormation, nearest to the root first. */
  readonly templates: readonly FoundTemplate[]
  /** Stacks that the app of a `cdk.json` makes, as far as its files name them. */
  readonly cdk?: { readonly stacks: readonly string[] }
  readonly hasDockerfile: boolean
  readonly buildspec?: string
  readonly hasTerraform: boolean
  /** How its own tests are run; none where its files do not tell. */
  readonly commands: Commands
  readonly branch?: string
  readonly remote?: Remote
}

export interface FoundTemplate {
  /** From the folder, with slashes. */
  readonly path: string
  readonly isServerless: boolean
  readonly parameters: readonly TemplateParameter[]
  /** Code that is still to be uploaded: a `CodeUri` that is a path. */
  readonly hasLocalCode: boolean
}

export interface TemplateParameter {
  readonly name: string
  readonly hasDefault: boolean
}

export interface Commands {
  readonly install: readonly string[]
  readonly test: readonly string[]
}

/** Where the repository comes from. */
export interface Remote {
  readonly kind: 'github' | 'gitlab' | 'bitbucket' | 'codecommit'
  readonly path: string
}

/** Folders that hold what somebody else wrote, or what was built. */
const SKIPPED = new Set(['node_modules', 'cdk.out', 'dist', 'build', 'venv', '__pycache__'])
/** Folders below the root that are looked into, one in another. */
const DEPTH = 3
/** Files are looked at up to so many: a fleet's template is not hidden among thousands. */
const MOST = 2000

/** Looks at a repository; nothing is run of it. */
export async function lookAtRepository(folder: string): Promise<RepositoryLook> {
  const files = await filesIn(folder)
  const named = (name: RegExp) => files.filter((file) => name.test(basename(file)))
  const found = await Promise.all(named(/\.(ya?ml|json|template)$/).map((file) => templateIn(folder, file)))
  const [buildspec] = named(/^buildspec\.ya?ml$/)
  const [cdk] = named(/^cdk\.json$/)
  const [branch, remote] = await Promise.all([
    git(folder, 'branch', '--show-current'),
    git(folder, 'remote', 'get-url', 'origin'),
  ])
  const origin = remote === undefined ? undefined : remoteOf(remote)
  return {
    folder,
    templates: found.flatMap((one) => one ?? []),
    hasDockerfile: named(/^(Dockerfile|Containerfile)$/).length > 0,
    hasTerraform: named(/\.tf$/).length > 0,
    commands: await commandsIn(folder, files),
    ...(cdk !== undefined && { cdk: { stacks: await cdkStacks(folder, files) } }),
    ...(buildspec !== undefined && { buildspec }),
    ...(branch && { branch }),
    ...(origin && { remote: origin }),
  }
}

/** Every file, nearest to the root first, in the order of their names. */
async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = []
  let level = [folder]
  for (let depth = 0; depth <= DEPTH && level.length; depth++) {
    const below: string[] = []
    for (const at of level)
      for (const entry of (await readdir(at, { withFileTypes: true }).catch(() => [])).sort(byName)) {
        if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue
        if (entry.isDirectory()) below.push(join(at, entry.name))
        else if (entry.isFile()) found.push(relative(folder, join(at, entry.name)).split('\\').join('/'))
      }
    if (found.length > MOST) return found.slice(0, MOST)
    level = below
  }
  return found
}

const byName = (one: { name: string }, other: { name: string }): number => (one.name < other.name ? -1 : 1)

/** A template has resources, each with a type of AWS's or of its own. */
async function templateIn(folder: string, path: string): Promise<FoundTemplate | undefined> {
  const text = await readFile(join(folder, path), 'utf8').catch(() => '')
  if (!/^\s*"?Resources"?\s*:/m.test(text)) return undefined
  const template = templateOf(text)
  const resources = isMap(template?.Resources) ? Object.values(template.Resources) : []
  if (!template || !resources.some((one) => isMap(one) && /^(AWS|Custom|Alexa)::/.test(String(one.Type))))
    return undefined
  const transforms = [template.Transform].flat().map(String)
  return {
    path,
    isServerless: transforms.some((one) => one.startsWith('AWS::Serverless')),
    parameters: Object.entries(isMap(template.Parameters) ? template.Parameters : {}).map(([name, one]) => ({
      name,
      hasDefault: isMap(one) && one.Default !== undefined,
    })),
    hasLocalCode: resources.some(
      (one) =>
        isMap(one) &&
        isMap(one.Properties) &&
        typeof one.Properties.CodeUri === 'string' &&
        !one.Properties.CodeUri.startsWith('s3:'),
    ),
  }
}

function templateOf(text: string): Section | undefined {
  try {
    return parseTemplate(text)
  } catch {
    return undefined
  }
}

/** `new ShopStack(app, 'Shop', …)`: the names that an app's files give its stacks. */
async function cdkStacks(folder: string, files: readonly string[]): Promise<string[]> {
  const sources = files.filter((file) => /\.(ts|mts|js|mjs|py)$/.test(file) && !file.includes('.test.'))
  const texts = await Promise.all(sources.map((file) => readFile(join(folder, file), 'utf8').catch(() => '')))
  const names = texts.flatMap((text) =>
    [...text.matchAll(/(?:new\s+)?\w*Stack\(\s*(?:app|self|this|scope)\s*,\s*['"]([\w-]+)['"]/g)].map(
      ([, name]) => name!,
    ),
  )
  return [...new Set(names)]
}

async function commandsIn(folder: string, files: readonly string[]): Promise<Commands> {
  if (files.includes('package.json')) {
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '')
    const install = files.includes('pnpm-lock.yaml')
      ? ['corepack enable', 'pnpm install --frozen-lockfile']
      : files.includes('yarn.lock')
        ? ['corepack enable', 'yarn install --immutable']
        : [files.includes('package-lock.json') ? 'npm ci' : 'npm install']
    return { install, test: /"test"\s*:/.test(text) ? ['npm test'] : [] }
  }
  if (files.includes('requirements.txt')) return { install: ['pip install -r requirements.txt'], test: [] }
  if (files.includes('go.mod')) return { install: [], test: ['go test ./...'] }
  return { install: [], test: [] }
}

/** Gives where a remote's address leads, where a pipeline can take it from there. */
export function remoteOf(address: string): Remote | undefined {
  const [, grc] = /^codecommit(?:::[\w-]+)?:\/\/(?:[^@/]+@)?([\w.-]+)$/.exec(address) ?? []
  if (grc) return { kind: 'codecommit', path: grc }
  const [, host = '', path = ''] =
    /^(?:https?|ssh):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+?)(?:\.git)?\/?$/.exec(address) ??
    /^(?:[^@/]+@)?([^:/]+):(?!\/)(.+?)(?:\.git)?\/?$/.exec(address) ??
    []
  if (/^git-codecommit\./.test(host)) return { kind: 'codecommit', path: path.replace(/^v1\/repos\//, '') }
  const kind = (['github', 'gitlab', 'bitbucket'] as const).find((one) => host.includes(one))
  return kind && path.includes('/') ? { kind, path } : undefined
}

/** What git answers, if it is there and the folder is a clone. */
const git = (folder: string, ...words: string[]): Promise<string | undefined> =>
  run('git', words, { cwd: folder }).then(
    ({ stdout }) => stdout.trim() || undefined,
    () => undefined,
  )
