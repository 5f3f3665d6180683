/** Exports: outputs that stacks of the same account and region import by name. */
import { alreadyExported } from '../../../../template/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Stack, stacks, stacksByExport, stacksByImport } from '../state.ts'
import { validationError } from './validation-error.ts'

export interface Export {
  readonly name: string
  readonly value: string
  readonly stackId: string
  readonly stackName: string
}

const gone = (stack: Stack): boolean =>
  stack.status === 'DELETE_COMPLETE' || stack.status === 'REVIEW_IN_PROGRESS'

const exportsOfStack = (stack: Stack): Export[] =>
  stack.outputs.flatMap((one) =>
    one.exportName === undefined
      ? []
      : [{ name: one.exportName, value: one.value, stackId: stack.id, stackName: stack.name }],
  )

/** Gives every export of the call's account and region, by name. */
export function allExports(ctx: Context): Export[] {
  const found = ctx
    .table(stacks)
    .values()
    .filter((stack) => !gone(stack))
    .flatMap(exportsOfStack)
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Gives the export of that name of any stack but `except`. */
const exportNamed = (ctx: Context, name: string, except?: string): Export | undefined =>
  ctx
    .table(stacks)
    .where(stacksByExport, name)
    .filter((stack) => !gone(stack) && stack.id !== except)
    .flatMap(exportsOfStack)
    .find((one) => one.name === name)

/** Errors: ValidationError `No export named … found`. */
export function exportValue(ctx: Context, name: string): string {
  const found = exportNamed(ctx, name)
  if (found) return found.value
  throw validationError(`No export named ${name} found`)
}

/** Gives the names of the stacks that import an export. */
export const importersOf = (ctx: Context, name: string): string[] =>
  ctx
    .table(stacks)
    .where(stacksByImport, name)
    .filter((stack) => !gone(stack))
    .map((stack) => stack.name)

/** `A, B and C` */
export const enumeration = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/**
 * Gives why a stack may not go on with these outputs, or undefined. AWS: a name is exported once per account and
 * region, and an export that another stack imports can neither be changed nor deleted.
 */
export function exportConflict(ctx: Context, stack: Stack, outputs: Stack['outputs']): string | undefined {
  const wanted = new Map<string, string>()
  for (const { exportName, value } of outputs) {
    if (!exportName) continue
    if (wanted.has(exportName)) return alreadyExported(exportName, stack.name)
    wanted.set(exportName, value)
  }
  for (const name of wanted.keys()) {
    const owner = exportNamed(ctx, name, stack.id)
    if (owner) return alreadyExported(name, owner.stackName)
  }
  for (const { name, value } of exportsOfStack(stack)) {
    if (wanted.get(name) === value) continue
    const users = importersOf(ctx, name).filter((one) => one !== stack.name)
    if (users.length === 0) continue
    return `Export ${name} cannot be ${wanted.has(name) ? 'updated' : 'deleted'} as it is in use by ${enumeration(users)}`
  }
  return undefined
}

/** Gives why a stack may not be deleted, or undefined. */
export function deletionConflict(ctx: Context, stack: Stack): string | undefined {
  for (const { name } of exportsOfStack(stack)) {
    const users = importersOf(ctx, name).filter((one) => one !== stack.name)
    if (users.length > 0)
      return `Delete canceled. Cannot delete export ${name} as it is in use by ${enumeration(users)}.`
  }
  return undefined
}
