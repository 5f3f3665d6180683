/** Values as CloudFormation shows them before it knows them. */
import { Choice, type Plain, Text, Unknown, type Value } from './value.ts'

/** What a change set shows where only execution will tell. */
const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}'

/** Whether a parameter's value is one that only the execution of the change set around will tell. */
export const isKnownLater = (value: string): boolean => value.includes(KNOWN_AFTER_APPLY)

/** Gives a value with AWS's own words in the place of what is open; the very same object where nothing is. */
export function shown(value: Value): Plain {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Unknown || value instanceof Choice) return KNOWN_AFTER_APPLY
  if (value instanceof Text)
    return value.parts.map((part) => (typeof part === 'string' ? part : KNOWN_AFTER_APPLY)).join('')
  let changed = false
  const entries = Object.entries(value).map(([key, one]: [string, Value]): [string, Plain] => {
    const item = shown(one)
    changed ||= item !== one
    return [key, item]
  })
  if (!changed) return value as Plain
  return Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries)
}
