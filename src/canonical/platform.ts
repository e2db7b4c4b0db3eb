/** The marketplaces. Folders and commands spell TikTok Shop `tiktok-shop` and `tiktok_shop`. */
export const platforms = ['amazon', 'tiktok_shop', 'shopee', 'lazada', 'temu'] as const
export type Platform = (typeof platforms)[number]
