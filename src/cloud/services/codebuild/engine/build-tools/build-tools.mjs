/**
 * The commands that CodeBuild has in every build: codebuild-glob-search, codebuild-hash-files and codebuild-tests-run.
 * Runs by itself, as a process of the build: `node build-tools.mjs <command> <words…>`.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const fail = (message) => {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

/** AWS: `*` matches within a name, `**` across folders; `?` one character. */
function matcher(glob) {
  const source = glob
    .replace(/^\.\//, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(
      /\*\*\/|\*\*|\*|\?/g,
      (one) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' })[one],
    )
  return new RegExp(`^${source}$`, 's')
}

/** The files below a folder that match one of the globs, by name; nothing of git's own, and links are not followed. */
function search(folder, globs) {
  const matchers = globs.map(matcher)
  const found = []
  const walk = (below) => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below ? `${below}/${entry.name}` : entry.name
      if (entry.isDirectory()) {
        if (entry.name !== '.git') walk(path)
      } else if (matchers.some((one) => one.test(path))) found.push(path)
    }
  }
  walk('')
  return found.sort()
}

function globSearch(globs) {
  if (!globs.length) fail('usage: codebuild-glob-search <glob-pattern-1> [<glob-pattern-2> ...]')
  const found = search(process.cwd(), globs)
  if (found.length) process.stdout.write(`${found.join('\n')}\n`)
  else process.stderr.write(`No files were found that match ${globs.join(', ')}\n`)
}

async function hashFiles(globs) {
  if (!globs.length) fail('usage: codebuild-hash-files <glob-pattern-1> [<glob-pattern-2> ...]')
  const folder = process.env.CODEBUILD_SRC_DIR ?? process.cwd()
  const found = search(folder, globs)
  if (!found.length) fail(`No files were found that match ${globs.join(', ')}`)
  const whole = createHash('sha256')
  for (const path of found) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(folder, path)), hash)
    whole.update(hash.digest())
  }
  process.stdout.write(`${whole.digest('hex')}\n`)
}

const FIELDS = ['--test-command', '--files-search', '--sharding-strategy']

function fieldsOf(words) {
  const fields = { '--sharding-strategy': 'equal-distribution' }
  for (let at = 0; at < words.length; at++) {
    const [name, ...rest] = words[at].split('=')
    if (!FIELDS.includes(name)) fail(`codebuild-tests-run takes ${FIELDS.join(', ')}, and not ${words[at]}`)
    fields[name] = rest.length ? rest.join('=') : words[++at]
  }
  for (const name of FIELDS) if (!fields[name]) fail(`codebuild-tests-run wants ${name}`)
  return fields
}

/** AWS: by `equal-distribution` each shard has a run of the sorted files, whose numbers differ by one at most. */
function inEqualShares(files, index, count) {
  const [size, more] = [Math.floor(files.length / count), files.length % count]
  const start = index * size + Math.min(index, more)
  return files.slice(start, start + size + (index < more ? 1 : 0))
}

/** AWS: by `stability` a file's shard is told by its name; here it is the one that weighs most with it. */
function byName(files, index, count) {
  const weight = (file, shard) => createHash('sha256').update(`${shard} ${file}`).digest('hex')
  const heaviest = (file) => {
    const weights = Array.from({ length: count }, (_, shard) => weight(file, shard))
    return weights.indexOf([...weights].sort().at(-1))
  }
  return files.filter((file) => heaviest(file) === index)
}

const STRATEGIES = { 'equal-distribution': inEqualShares, stability: byName }
const quoted = (word) => (/^[\w./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

function testsRun(words) {
  const {
    '--test-command': command,
    '--files-search': searching,
    '--sharding-strategy': strategy,
  } = fieldsOf(words)
  const share = STRATEGIES[strategy]
  if (!share) fail(`${strategy} is no sharding strategy: it is ${Object.keys(STRATEGIES).join(' or ')}`)
  const found = spawnSync('/bin/sh', ['-c', searching], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (found.status !== 0) fail(`the search for files failed: ${searching}`)
  const files = [...new Set(found.stdout.split('\n').filter(Boolean))].sort()
  if (!files.length) fail(`the search for files found none: ${searching}`)
  // A build that is no part of a fan-out runs all of them.
  const [index, count] = (process.env.CODEBUILD_SHARD ?? '0/1').split('/').map(Number)
  const own = share(files, index, count)
  if (!own.length) return process.stdout.write('There are no tests for this build\n')
  // AWS: who formats the list himself does not get it behind the command as well.
  const isFormatted = command.includes('CODEBUILD_CURRENT_SHARD_FILES')
  const { status } = spawnSync(
    '/bin/sh',
    ['-c', isFormatted ? command : `${command} ${own.map(quoted).join(' ')}`],
    {
      stdio: 'inherit',
      env: { ...process.env, CODEBUILD_CURRENT_SHARD_FILES: own.join('\n') },
    },
  )
  process.exit(status ?? 1)
}

const [command, ...words] = process.argv.slice(2)
const COMMANDS = {
  'codebuild-glob-search': globSearch,
  'codebuild-hash-files': hashFiles,
  'codebuild-tests-run': testsRun,
}
await COMMANDS[command](words)
