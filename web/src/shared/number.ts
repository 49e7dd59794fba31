/** Case numbers: town(9) day(8) serial(5) check(1). */

/** What tells cases of one desk apart at a glance: month, day and serial. */
export function shortNumber(number: string): string {
  return number.length === 23 ? `${number.slice(13, 17)}-${number.slice(17, 22)}` : number
}

/** The whole number in groups that can be read out. */
export function spacedNumber(number: string): string {
  return number.length === 23 ? `${number.slice(0, 9)} ${number.slice(9, 17)} ${number.slice(17)}` : number
}
