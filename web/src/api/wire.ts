/** Short names for what travels between the service and the page; types.gen.ts is written from OpenAPI, never by hand. */
import type { components } from './types.gen.ts'

type Schemas = components['schemas']

export type Counts = Schemas['Counts']
export type Grade = Exclude<keyof Counts, 'total'>
export type Basis = Schemas['Summary']['basis']
export type View = Schemas['Summary']['view']
/** West, south, east, north in degrees, CGCS2000. */
export type Bounds = [number, number, number, number]
/** Longitude, latitude in degrees, CGCS2000. */
export type LonLat = [number, number]
export type Bilingual = Schemas['CodeText']

export type Session = Schemas['SessionOut']
export type TerritorySummary = Schemas['Summary']
export type CellSummary = Schemas['CellOut']
export type RiskPointRow = Schemas['PointRow']
export type RiskPoint = Schemas['PointDetails']
export type RiskEvent = Schemas['EventOut']
export type Measure = Schemas['MeasureOut']
export type Reason = Schemas['Reason']
export type Verdict = Schemas['Verdict']
export type ReasonItem = Verdict['reasons'][number]

export type ListedPoint = Schemas['ListedPoint']
export type EnterpriseRow = Schemas['EnterpriseRow']
export type Enterprise = Schemas['EnterpriseDetails']
export type Site = Schemas['SiteOut']
export type ReadyLists = Schemas['ReadyLists']
export type Ranking = Schemas['Ranking']
export type FilterChoices = Schemas['FilterChoices']
export type Found = Schemas['Found']
export type FoundList = Schemas['FoundList']
export type CodeChoice = Schemas['CodeChoice']
export type TerritoryNode = Schemas['TerritoryNode']

export type Import = Schemas['ImportOut']
export type ImportField = Schemas['FieldOut']
export type ImportPreview = Schemas['PreviewOut']
export type ImportProblem = Schemas['ProblemOut']
/** Only what is to be corrected is sent. */
export type Correction = Partial<Schemas['Correction']>

export type PointFields = Schemas['PointFields']
export type PointIn = Schemas['PointIn']
export type PointChange = Schemas['PointChange']
export type EventFields = Schemas['EventFields']
export type MeasureFields = Schemas['MeasureFields']
export type AssessmentIn = Schemas['AssessmentIn']
export type GradingPreview = Schemas['GradingPreview']
export type FieldProblem = Schemas['FieldProblemOut']
export type Written = Schemas['Written']
export type HistoryMoment = Schemas['HistoryMoment']
export type HistoryPage = Schemas['HistoryPage']
export type OwnerName = Schemas['OwnerName']
export type EnterpriseFields = Schemas['EnterpriseFields']
export type EnterpriseIn = Schemas['EnterpriseIn']
export type EnterpriseEdit = Schemas['EnterpriseEdit']
export type SiteIn = Schemas['SiteIn']
export type SiteFields = Schemas['SiteFields']
export type ListedCode = Schemas['ListedCode']
export type GradingMethod = Schemas['MethodBody']
export type MethodRow = Schemas['MethodRow']

export type Permission = Session['viewer']['may'][number]
export type Viewer = Session['viewer']
export type SignInPage = Schemas['SignInPage']
export type DemoAccount = Schemas['DemoAccount']
export type SignedIn = Schemas['SignedInOut']
export type Account = Schemas['AccountOut']
export type Appointment = Schemas['AppointmentOut']
export type Role = Appointment['role']
export type AccountKey = Schemas['KeyOut']
export type NewKey = Schemas['NewKey']
export type NewLink = Schemas['NewLink']
export type Person = Schemas['PersonOut']
export type PersonIn = Schemas['PersonIn']
export type AppointmentIn = Schemas['AppointmentIn']
export type AuditRecord = Schemas['AuditRecord']
export type AuditPage = Schemas['AuditPage']
export type SiteContacts = Schemas['SiteContacts']

/** The one shape of every refusal; it stands beside the schemas because any door may answer it. */
export interface Refusal {
  error: string
  message: string
  message_en?: string
  details?: Record<string, unknown>
}
