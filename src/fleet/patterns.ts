/** What of a fleet file only the network can tell: accounts of organizational units. `crossdock sync` resolves them. */
import type { SourceLocation } from '../model/index.ts'
import type { FleetFileRead } from './file-read.ts'

/** An environment whose accounts are those of a unit. */
export interface UnitPattern {
  readonly environment: string
  readonly organizationalUnit: string
  readonly accountTags?: Readonly<Record<string, string>>
  readonly location: SourceLocation
}

/** Gives the units that a fleet file names. */
export const unitPatterns = ({ data, document }: FleetFileRead): UnitPattern[] =>
  Object.entries(data.environments).flatMap(([environment, file]) =>
    'organizationalUnit' in file
      ? {
          environment,
          organizationalUnit: file.organizationalUnit,
          ...(file.accountTags && { accountTags: file.accountTags }),
          location: document.locate(['environments', environment, 'organizationalUnit']),
        }
      : [],
  )
