// RegionAPI
