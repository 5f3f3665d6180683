/**
 * Says what CloudFormation's handlers call that the permissions' evidence lacks, and the other way round:
 * `node scripts/compare-permissions.js <folder of resource type schemas>`. Nothing is fetched. What differs is put into
 * `tests/cases/permissions/handlers.json`; its test then names the tables that have to follow.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.argv[2]
if (!folder) {
  console.error('Name a folder of schemas, such as aws-cloudformation-schema/ of pulumi/pulumi-aws-native.')
  process.exit(2)
}
const ours = JSON.parse(
  readFileSync(new URL('../tests/cases/permissions/handlers.json', import.meta.url), 'utf8'),
)
const found = new Map()
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const { typeName, handlers } = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  if (typeName in ours && handlers) found.set(typeName, handlers)
}

const without = (some, others) => some.filter((one) => !others.includes(one))
let differing = 0
for (const type of Object.keys(ours)) {
  const handlers = found.get(type)
  if (!handlers) console.log(`${type}: not in the folder`)
  else
    for (const phase of ['create', 'read', 'update', 'delete']) {
      const theirs = handlers[phase]?.permissions ?? []
      const kept = ours[type][phase] ?? []
      for (const action of without(theirs, kept)) report(`${type}: ${phase} + ${action}`)
      for (const action of without(kept, theirs)) report(`${type}: ${phase} - ${action}`)
    }
}
console.log(`${found.size} of ${Object.keys(ours).length} types compared, ${differing} differences`)

function report(line) {
  differing++
  console.log(line)
}
