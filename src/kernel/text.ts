/** A text in both languages of the product. Written beside the thing it describes; both are required. */
export type Text = { readonly en: string; readonly zh: string }
export type Language = 'en' | 'zh-CN'

export const text = (en: string, zh: string): Text => ({ en, zh })
export const inLanguage = (value: Text, language: Language): string =>
  language === 'zh-CN' ? value.zh : value.en
