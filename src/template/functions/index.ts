/** Every intrinsic function that there is. */
import { base64 } from './base64.ts'
import { cidr } from './cidr.ts'
import { and, equals, not, or } from './condition-functions.ts'
import { findInMap } from './find-in-map.ts'
import { getAtt } from './get-att.ts'
import { getAzs } from './get-azs.ts'
import { ifFunction } from './if.ts'
import { importValue } from './import-value.ts'
import type { IntrinsicFunction } from './intrinsic-function.ts'
import { join } from './join.ts'
import { length } from './length.ts'
import { ref } from './ref.ts'
import { select } from './select.ts'
import { split } from './split.ts'
import { sub } from './sub.ts'
import { toJsonString } from './to-json-string.ts'

const all: readonly IntrinsicFunction[] = [
  ref,
  getAtt,
  sub,
  join,
  select,
  split,
  ifFunction,
  equals,
  and,
  or,
  not,
  findInMap,
  importValue,
  base64,
  getAzs,
  cidr,
  length,
  toJsonString,
]

export const functions: ReadonlyMap<string, IntrinsicFunction> = new Map(all.map((one) => [one.name, one]))
